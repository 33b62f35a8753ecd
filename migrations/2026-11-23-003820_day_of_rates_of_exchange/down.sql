alter table documents drop column fx_on;
