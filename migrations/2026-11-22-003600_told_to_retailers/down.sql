drop function primary_gstin();
drop function ways_to_pay();
