# sh
{ TMP1=left; echo a; exit 0; } | { read -r TMP2; docker push "r/pipe:$TMP1-$TMP2"; }
