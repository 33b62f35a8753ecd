comment on column products.pack_size is 'Units in a pack; orders go in whole packs.';
