delete from tax_rates where notification in ('1/2017-CTR', '2/2017-CTR', '9/2025-CTR', '10/2025-CTR');
delete from hsn_codes;
