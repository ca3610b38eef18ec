# Sets that refer to themselves, and extensions of them.
lib:
rec {
  fix = f: let x = f x; in x;
  fix' = f: let x = f x // { __unfix__ = f; }; in x;
  converge = f: x: let next = f x; in if next == x then x else converge f next;

  extends = overlay: f: final:
    let previous = f final; in previous // overlay final previous;
  composeExtensions = first: second: final: previous:
    let
      one = first final previous;
      two = second final (previous // one);
    in
    one // two;
  composeManyExtensions = lib.foldr composeExtensions (_: _: { });
  makeExtensible = makeExtensibleWithCustomName "extend";
  makeExtensibleWithCustomName = name: f:
    fix' (self: f self // { ${name} = overlay: makeExtensibleWithCustomName name (extends overlay f); });
  # A set, or a function of the previous set alone, as an extension.
  toExtension = given:
    if !lib.isFunction given then _: _: given
    else final: previous:
      let result = given previous; in
      if lib.isFunction result then given final previous else result;
}
