# Folders as sources. Without a store there is nothing to filter into: the folder itself is used.
lib:
{
  cleanSource = folder: folder;
  cleanSourceWith = { src, ... }: src;
  sourceByRegex = folder: _: folder;
  sourceFilesBySuffices = folder: _: folder;
  cleanSourceFilter = _: _: true;
}
