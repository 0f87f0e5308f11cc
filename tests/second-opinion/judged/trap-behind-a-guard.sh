# sh
( trap 'docker push r/exit; false; docker push r/never' 0
) && docker push r/never-either
:
