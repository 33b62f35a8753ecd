drop function rates_on;
drop table own_tax_rates;
drop table tax_rates;
drop table hsn_codes;
