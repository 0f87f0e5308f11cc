# bash
declare -a ARR=($EMPTY)
set -- "${ARR[@]}"; docker push "r/arr:$#-$1"
for TMP1 in "${ARR[@]}"; do docker push "r/never:$TMP1"; done
