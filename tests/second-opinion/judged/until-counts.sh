# sh
J=3
until [ "$J" = 1 ]; do
J=$((J-1))
docker push "r/u:$J"
done
