# shellcheck shell=bash disable=SC2034,SC2154
# What n edited entries cost on the wire, both ways, beside real git doing the same through the same byte-counting link:
# for tests/net/wire.sh and tests/bench/sync_wire.sh. Wants $tmp and $work, and bad_link.sh.
#
#   wire_network COUNT            two equal networks of COUNT entries and 50 members, one for cib and one for git
#   wire_join http|ssh            copies of both over that link: m-a's, which sends, and m-b's, which only receives
#   wire_push http|ssh N WORD     sets $cib and $git, the bytes (up and down) of sending N edited entries: cib sync beside
#                                 git fetch and git push of the same commit; and $cib_alone, $git_alone: without those of
#                                 a sync that has nothing to do
#   wire_fetch http|ssh N WORD    sets $cib and $git, the bytes of receiving a main with N edited entries
wire_entries() { python3 "$here_support/wire_entries.py" "$@"; }

wire_network() { # COUNT
	local members=() m
	wire_count=$1
	while read -r m; do members+=(--member "$m:${m#m-}-1"); done < <(wire_entries members "$1")
	mkdir -p "$work/cib" "$work/git"
	"$CIB" init "$work/cib/central.git" --title "Measured" --language en --secretariat sec-1 "${members[@]}" >"$tmp/more" 2>&1 &&
		wire_entries import "$1" | git -C "$work/cib/central.git" fast-import --quiet 2>>"$tmp/more" &&
		cp -a "$work/cib/central.git" "$work/git/central.git"
}

wire_url() { # http|ssh cib|git
	case $1 in
	http) sed "s|//|//$CIB_HTTP_USER:$CIB_HTTP_PASSWORD@|; s|\$|/$2/central.git|" <<<"$http" ;;
	ssh) echo "ssh://link$work/$2/central.git" ;;
	esac
}

wire_git() { # DIR ARGUMENT...: as a user's git would, with version 2 of the protocol over ssh, too
	GIT_SSH=$tmp/link-ssh GIT_SSH_VARIANT=ssh GIT_TERMINAL_PROMPT=0 git -C "$work/git/$1" "${@:2}" >"$tmp/more" 2>&1 || {
		echo "git ${*:2}:" && cat "$tmp/more"
		return 1
	}
}

wire_cib() { # DIR ARGUMENT...
	(cd "$work/cib/$1" && "$CIB" "${@:2}") >"$tmp/more" 2>&1 || {
		echo "cib ${*:2}:" && cat "$tmp/more"
		return 1
	}
}

wire_join() { # http|ssh
	local user
	for user in a-1 b-1; do
		export CIB_HTTP_USER=$user
		rm -rf "$work/cib/$user" "$work/git/$user"
		wire_cib . join "$(wire_url "$1" cib | sed 's|//[^@/]*@|//|')" "$user" --user "$user" || return
		mkdir -p "$work/git/$user"
		wire_git "$user" init -q --bare . && wire_git "$user" remote add origin "$(wire_url "$1" git)" &&
			wire_git "$user" config remote.origin.fetch "+refs/heads/main:refs/remotes/origin/main" || return
		[ $user = b-1 ] || wire_git "$user" config --add remote.origin.fetch "+refs/heads/members/m-a*:refs/remotes/origin/members/m-a*" || return
		wire_git "$user" fetch -q origin || return
	done
	CIB_HTTP_USER=a-1
	wire_entries edit "$work/cib/a-1/members/m-a/projects" 1 "First over $1" && wire_level # from now on the branch is there
}

wire_bytes() { # both ways together, since the last link_of
	link_counts | awk '{ print $1 + $2 }'
}

wire_cost() { # LINK VARIABLE COMMAND...: sets the variable to the bytes that a command takes
	link_of "$1" ""
	"${@:3}" || return
	printf -v "$2" %d "$(wire_bytes)"
}

# What a-1 has becomes what its git has, and both servers have: a merge that cib made, say.
wire_level() {
	wire_cib a-1 sync && wire_git a-1 fetch -q origin && wire_git a-1 fetch -q "$work/cib/a-1" +HEAD:refs/heads/next &&
		wire_git a-1 push -q origin next:refs/heads/members/m-a
}

wire_push() { # http|ssh N WORD
	local idle_cib idle_git pushed
	export CIB_HTTP_USER=a-1
	wire_level && wire_cost "$1" idle_cib wire_cib a-1 sync && wire_cost "$1" idle_git wire_git a-1 fetch origin || return
	wire_entries edit "$work/cib/a-1/members/m-a/projects" "$2" "$3" && wire_cib a-1 save || return
	wire_git a-1 fetch -q "$work/cib/a-1" +HEAD:refs/heads/next || return # the same commit, by a way that is not counted
	wire_cost "$1" cib wire_cib a-1 sync || return
	wire_cost "$1" git wire_git a-1 fetch origin && wire_cost "$1" pushed wire_git a-1 push -q origin next:refs/heads/members/m-a || return
	git=$((git + pushed)) cib_alone=$((cib - idle_cib)) git_alone=$((git - idle_git))
	[ "$(git -C "$work/cib/central.git" rev-parse members/m-a)" = "$(git -C "$work/git/central.git" rev-parse members/m-a)" ]
}

wire_fetch() { # http|ssh N WORD
	local side
	export CIB_HTTP_USER=b-1
	for side in cib git; do
		wire_entries next "$wire_count" "$2" "$3" | git -C "$work/$side/central.git" fast-import --quiet 2>"$tmp/more" || return
	done
	wire_cost "$1" cib wire_cib b-1 sync && wire_cost "$1" git wire_git b-1 fetch origin || return
	[ "$(git -C "$work/cib/b-1" rev-parse refs/cib/central/main)" = "$(git -C "$work/git/b-1" rev-parse origin/main)" ]
}
