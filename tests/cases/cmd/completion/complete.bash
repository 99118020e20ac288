# Prints what bash offers for command lines whose last word is being typed.
source <(abifit completion bash)

offer()
{
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_abifit abifit
	echo "$*> $(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd ' ')"
}

cd files || exit
offer abifit ch
offer abifit ''
offer abifit check --li
offer abifit --no
offer abifit check --format ''
offer abifit check --format = j
offer abifit --format =
offer abifit show --section e
offer abifit check --lint ''
offer abifit check @o
offer abifit tree --root ''
offer abifit tree --depth ''
offer abifit explain load/version-missing-
offer abifit completion ''
offer abifit completion -
offer abifit map ''
offer abifit map check o
offer abifit map --linker ''
