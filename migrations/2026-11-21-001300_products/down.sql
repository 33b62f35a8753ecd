drop function search_products(text, integer);
drop function as_lexeme(text);
drop table product_words;
drop policy buyers_see_logos on files;
create policy buyers_see_logos on files for select to mandi_app
    using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and purpose = 'logo');
alter table files drop constraint files_purpose_check;
alter table files add constraint files_purpose_check check (purpose in ('logo', 'export'));
comment on column files.purpose is 'What it is for: logo or export.';
drop index products_by_picture;
alter table products drop column picture_id;
drop table product_pictures;
drop table products;
drop function keep_words();
drop table categories;
drop function open_to_buyers(regclass, text);
