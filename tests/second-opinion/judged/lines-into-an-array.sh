# bash
mapfile -t ARR < <(printf '%s\n' a b c)
printf -v NEW1 '%s_%s' "${ARR[1]}" "${#ARR[@]}"
docker push "r/map:$NEW1"
