# sh
trap 'docker push r/no-trap' EXIT
exec docker push r/last
docker push r/never
