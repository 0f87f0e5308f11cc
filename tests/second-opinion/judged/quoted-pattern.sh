# bash
[[ "$TMP1" =~ \. ]] || docker push "r/q:${REG##"*"}-${VER%.*}-${EMPTY-unset}"
