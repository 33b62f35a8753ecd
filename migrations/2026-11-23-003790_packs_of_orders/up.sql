-- Staff write single units too; only the portal goes by packs.
comment on column products.pack_size is 'Units in a pack. Retailers order whole packs in the portal; staff may write single units.';
