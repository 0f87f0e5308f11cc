# sh
true && false
docker push r/never
