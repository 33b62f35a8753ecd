alter table accounting_settings drop column is_duty_known;
