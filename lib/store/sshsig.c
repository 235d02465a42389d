/* SSH signatures of commits, as Git makes and reads them (gpg.format=ssh): by the program ssh-keygen, so that keys in files, in
 * a key agent and on hardware all work. Source: PROTOCOL.sshsig of OpenSSH; ssh-keygen(1), -Y sign and verify. */
#include "store/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define VERIFY_MS 20000

int cib_store_commit_signature(cib_buf *signature, cib_buf *payload, cib_store *store, const cib_oid *oid, cib_error *err)
{
	git_buf sig = {0}, data = {0};
	git_oid id;
	to_git(&id, oid);
	cib_buf_clear(signature);
	cib_buf_clear(payload);
	int rc = git_commit_extract_signature(&sig, &data, store->repo, &id, NULL);
	if (rc == 0) {
		cib_buf_add(signature, sig.ptr, sig.size);
		cib_buf_add(payload, data.ptr, data.size);
	}
	git_buf_dispose(&sig);
	git_buf_dispose(&data);
	if (rc == GIT_ENOTFOUND)
		return cib_error_set(err, CIB_NOTFOUND, "store.unsigned", "the commit is not signed");
	return rc ? cib_store_git_error(err, rc, "store.signature", N_("cannot read the commit's signature")) : CIB_OK;
}

/* A file that only this process and its child see; -1 on failure. */
static int keep_in_memory(const char *name, const void *data, size_t len)
{
	int fd = memfd_create(name, 0);
	if (fd >= 0 && (write(fd, data, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int cib_ssh_verify(const char *user, const char *signers, const cib_buf *signature, const cib_buf *payload, cib_error *err)
{
	int allowed = keep_in_memory("signers", signers, strlen(signers)), sig = keep_in_memory("signature", cib_buf_str(signature), signature->len);
	char allowed_path[40], sig_path[40];
	int code = -1, status = CIB_OK;
	cib_buf out = CIB_BUF_INIT, errs = CIB_BUF_INIT;
	snprintf(allowed_path, sizeof allowed_path, "/proc/self/fd/%d", allowed);
	snprintf(sig_path, sizeof sig_path, "/proc/self/fd/%d", sig);
	const char *argv[] = {"ssh-keygen", "-Y", "verify", "-f", allowed_path, "-I", user, "-n", "git", "-s", sig_path, NULL};
	if (allowed < 0 || sig < 0)
		status = cib_error_set(err, CIB_IO, "sign.memory", "no room to verify a signature");
	else
		status = cib_execute(&code, &out, &errs, argv, &(cib_execute_options){.input = cib_buf_str(payload), .len = payload->len, .timeout_ms = VERIFY_MS, .alone = true}, err);
	if (status == CIB_NOTFOUND) {
		status = cib_error_set(err, CIB_IO, "sign.program", "signatures cannot be verified: there is no ssh-keygen here");
		cib_error_hint(err, "install OpenSSH's client (8.2 or newer)");
	}
	if (status == CIB_OK && code != 0) /* 255 both for a wrong signature and for one that is none */
		status = cib_error_set(err, CIB_FINDINGS, "sign.wrong", "the signature is not by a key of %s", user);
	if (allowed >= 0)
		close(allowed);
	if (sig >= 0)
		close(sig);
	cib_buf_free(&out);
	cib_buf_free(&errs);
	return status;
}

/* *made: there is a signature. alone: nobody is asked. What the program says goes to errs. */
static int run_sign(bool *made, cib_buf *signature, cib_buf *errs, const char *key, const void *data, size_t len, bool alone, cib_error *err)
{
	static const char begin[] = "-----BEGIN SSH SIGNATURE-----";
	const char *argv[] = {"ssh-keygen", "-Y", "sign", "-f", key, "-n", "git", NULL};
	int code = -1;
	cib_buf_clear(signature);
	cib_buf_clear(errs);
	int status = cib_execute(&code, signature, errs, argv, &(cib_execute_options){.input = data, .len = len, .timeout_ms = alone ? VERIFY_MS : 0, .alone = alone}, err);
	*made = status == CIB_OK && code == 0 && strncmp(cib_buf_str(signature), begin, sizeof begin - 1) == 0;
	return status;
}

int cib_ssh_sign(cib_buf *signature, const cib_signer *by, const void *data, size_t len, cib_error *err)
{
	cib_buf errs = CIB_BUF_INIT;
	bool made;
	int status = run_sign(&made, signature, &errs, by->key, data, len, true, err);
	if (status == CIB_OK && !made && by->asking && strstr(cib_buf_str(&errs), "passphrase")) {
		by->asking(by->key);
		status = run_sign(&made, signature, &errs, by->key, data, len, false, err);
	}
	if (status == CIB_NOTFOUND)
		status = cib_error_set(err, CIB_REFUSED, "sign.program", "there is no ssh-keygen here to sign with");
	else if (status == CIB_OK && !made) {
		const char *words = cib_buf_str(&errs), *load = strstr(words, "Load key ");
		words = load ? load : words; /* behind a prompt that nobody saw */
		status = cib_error_set(err, CIB_REFUSED, "sign.failed", "the key %s cannot sign: %.*s", by->key, (int)strcspn(words, "\r\n"), *words ? words : _("it says nothing"));
		cib_error_hint(err, "load the key: ssh-add %s", by->key);
	}
	cib_buf_free(&errs);
	return status;
}
