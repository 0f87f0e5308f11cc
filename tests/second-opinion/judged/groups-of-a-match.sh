# bash
if [[ $VER =~ ^v([0-9]+)\.([0-9]+) ]]; then docker push "r/re:${BASH_REMATCH[1]}-${BASH_REMATCH[2]}"; fi
