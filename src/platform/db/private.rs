//! A private PostgreSQL server, started and looked after by the application.
