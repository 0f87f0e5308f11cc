# sh
TMP1=behind &
{ docker push r/bg; exit 0; } &
wait
docker push "r/fg:$TMP1"
