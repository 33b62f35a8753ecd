revoke update (outcome) on sign_in_attempts from mandi_platform;
