/* The files of lib/app/web/ as they are in the binary, plain and gzipped: made by cmake/app.cmake. Nothing else is served. */
#ifndef CIB_APP_ASSETS_H
#define CIB_APP_ASSETS_H

typedef struct {
	const char *name; /* "pages/home.js"; NULL ends the table */
	const char *data, *end;
	const char *gzip, *gzip_end;
} cib_app_asset;

extern const cib_app_asset cib_app_assets[];

#endif
