# sh
IFS=,
for TMP1 in $CSV; do docker push "r/ifs:$TMP1"; done
