alter table shipments drop column challan_words;
