# sh
sh -c 'false; docker push "r/lax:$0"' "dev/api"
