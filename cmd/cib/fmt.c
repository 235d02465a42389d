/* cib fmt: print (or write back) the canonical form of JSON files. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "fmt [-w] [--nfc] FILE...";

/* What a killed run left beside the file goes; once for the files of a folder, as they come. */
static void clean_beside(char **last, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? cib_strndup(path, (size_t)(slash - path) + 1) : cib_strdup(".");
	if (!*last || strcmp(*last, folder) != 0)
		cib_file_clean(folder);
	free(*last);
	*last = folder;
}

int cib_cmd_fmt(int argc, char **argv)
{
	bool write = false, nfc = false;
	cib_words files = {0};
	char *cleaned = NULL;
	const cib_opt opts[] = {
		{"write", 'w', CIB_OPT_FLAG, &write, NULL, N_("rewrite the files in place instead of printing")},
		{"nfc", 0, CIB_OPT_FLAG, &nfc, NULL, N_("also bring all text to Unicode normalisation form C")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &files);
	if (code)
		return code - 1;
	if (files.count == 0)
		return cib_usage("which files?\nusage: cib %s", usage);
	for (size_t i = 0; i < files.count; i++) {
		cib_error err = CIB_ERROR_INIT;
		cib_buf text = CIB_BUF_INIT, out = CIB_BUF_INIT;
		cJSON *doc = NULL;
		const char *path = strcmp(files.items[i], "-") == 0 ? "/dev/stdin" : files.items[i];
		int status = cib_file_read(&text, path, 0, &err);
		if (status == CIB_OK) {
			status = cib_json_read(&doc, text.data, text.len, NULL, &err);
			snprintf(err.file, sizeof err.file, "%s", files.items[i]);
		}
		if (status == CIB_OK) {
			if (nfc)
				cib_json_to_nfc(doc);
			cib_json_write(&out, doc, NULL);
			if (write)
				clean_beside(&cleaned, path);
			if (!write)
				fwrite(out.data, 1, out.len, stdout);
			else if (!cib_buf_equal(&out, &text))
				status = cib_file_write(path, out.data, out.len, &err);
		}
		if (status != CIB_OK) {
			int failed = cib_fail(&err);
			code = failed > code ? failed : code;
		}
		cJSON_Delete(doc);
		cib_buf_free(&text);
		cib_buf_free(&out);
	}
	free(cleaned);
	free((void *)(uintptr_t)files.items);
	return code;
}
