units_boot() { :; }; units_request() { :; }
