{ }: "one"
