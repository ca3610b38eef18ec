# What our compose file has a container begin with: starts its agent (resident.sh), then becomes the init of its role. A command
# that the engine executes in a container costs it as much as another container does; a child of the init costs a fork.
# $1 NXC_RUN, $2 NXC_LIB, $3 `nixos` or nothing; then the init.
export NXC_RUN=$1 NXC_LIB=$2
PATH=$PATH:/run/system/bin:/run/current-system/sw/bin bash "$2/resident.sh" "$3" &
unset NXC_RUN NXC_LIB
shift 3
exec "$@"
