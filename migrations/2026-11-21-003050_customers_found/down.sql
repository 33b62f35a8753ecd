drop index customers_by_email;
drop index customers_by_gstin;
drop index customers_by_phone;
