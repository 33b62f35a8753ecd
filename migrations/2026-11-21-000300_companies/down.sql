drop table invitations;
drop table employees;
drop function keep_an_owner();
drop function follow_employee();
drop table gst_registrations;
drop table companies;
