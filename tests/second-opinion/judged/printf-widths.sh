# sh
docker push "r/f:$(printf '%03d-%s' "$NUM" a)"
