drop table sign_in_attempts;
drop table one_time_codes;
drop table sessions;
drop table memberships;
drop table users;
