# bash
ARR=(x y); ARR[1]="z"; docker push "r/ai:${#ARR[@]}-${ARR[0]}-${ARR[1]}"
