/* Memory of documents: cJSON's allocations end the process rather than fail, as all of ours do. */
#include "json/json.h"

#include <stdlib.h>

static void *allocate(size_t size)
{
	return cib_realloc(NULL, size);
}

void cib_json_setup(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = allocate, .free_fn = free});
}
