drop function people_of_customer(uuid);
