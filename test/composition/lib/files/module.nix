{ options, ... }: { imported = "yes"; }
