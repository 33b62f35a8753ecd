drop function leave_sandboxes();
