//! Dashboards: every number is the length of the list behind it.
