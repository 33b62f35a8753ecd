drop function coming_from_suppliers(uuid);
