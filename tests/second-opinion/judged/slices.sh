# bash
set -- a b c d
docker push "r/s:${*:2}-${CSV: -3}-${APP,}"
