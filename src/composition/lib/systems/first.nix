# The value beside the first property that holds of a platform: [ "isLinux" 1 "isDarwin" 2 ], or else `fallback`.
lib: platform: fallback: rows:
let
  go = at:
    if at >= builtins.length rows then fallback
    else if platform.${builtins.elemAt rows at} then builtins.elemAt rows (at + 1)
    else go (at + 2);
in
go 0
