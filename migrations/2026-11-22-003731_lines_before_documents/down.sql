drop trigger as_issued on document_lines;
drop function refuse_more_lines();
