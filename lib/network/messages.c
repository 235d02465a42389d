/* The messages of this room, in English, French and Spanish. {0} and {1} stand for the parameters. */
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *code, *en, *fr, *es;
} message;

static const message table[] = {
	{"network.too-large", "the file has {0} bytes; at most {1} are allowed", "le fichier compte {0} octets ; {1} au plus sont admis",
         "el archivo tiene {0} bytes; se admiten {1} como máximo"},
	{"network.unknown-kind", "no kind of entry lives in this folder", "aucun type de fiche n'a sa place dans ce dossier",
         "ningún tipo de ficha tiene su lugar en esta carpeta"},
	{"network.not-canonical", "the file is not in canonical form", "le fichier n'est pas sous forme canonique",
         "el archivo no está en forma canónica"},
	{"network.not-nfc", "the text is not in Unicode normalisation form C", "le texte n'est pas sous forme de normalisation Unicode C",
         "el texto no está en la forma de normalización Unicode C"},
	{"network.number", "the number {0} would be changed by other programs; write it as a string",
         "le nombre {0} serait altéré par d'autres programmes ; écrivez-le comme chaîne",
         "otros programas alterarían el número {0}; escríbalo como cadena"},
	{"network.id", "the id is \"{0}\" but the file is named {1}.json", "l'identifiant est « {0} » mais le fichier s'appelle {1}.json",
         "el identificador es «{0}» pero el archivo se llama {1}.json"},
	{"network.owner", "the owner is \"{0}\" but the file lies in the folder of {1}",
         "le propriétaire est « {0} » mais le fichier se trouve dans le dossier de {1}",
         "el propietario es «{0}» pero el archivo está en la carpeta de {1}"},
	{"network.prefix", "the id must be {0}- and ten letters or digits", "l'identifiant doit être {0}- suivi de dix lettres ou chiffres",
         "el identificador debe ser {0}- y diez letras o cifras"},
	{"network.schema", "the schema of this kind cannot be used: {0}", "le schéma de ce type est inutilisable : {0}",
         "el esquema de este tipo no se puede usar: {0}"},
	{"rule.sum", "the shares add up to {0}, not {1}", "la somme des parts est {0} et non {1}", "las partes suman {0} y no {1}"},
	{"rule.order", "{0} comes before {1}", "{0} précède {1}", "{0} es anterior a {1}"},
	{"rule.words", "the text has {0} words; at most {1} are allowed", "le texte compte {0} mots ; {1} au plus sont admis",
         "el texto tiene {0} palabras; se admiten {1} como máximo"},
	{"rule.reference", "{0} does not exist in the network", "{0} n'existe pas dans le réseau", "{0} no existe en la red"},
	{"rule.recommended", "{0} is missing: it is not required, but reports use it",
         "{0} manque : ce n'est pas obligatoire, mais les rapports s'en servent",
         "falta {0}: no es obligatorio, pero los informes lo utilizan"},
};

static void fill(cib_buf *out, const char *text, const char *a, const char *b)
{
	for (; *text; text++) {
		if (text[0] == '{' && (text[1] == '0' || text[1] == '1') && text[2] == '}') {
			const char *value = text[1] == '0' ? a : b;
			cib_buf_adds(out, value ? value : "");
			text += 2;
		} else {
			cib_buf_addc(out, *text);
		}
	}
}

void cib_network_report(cib_findings *findings, cib_severity severity, const char *lang, const char *code, const char *pointer,
                        const char *a, const char *b)
{
	const char *text = code;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].code, code) == 0) {
			bool fr = lang && strncmp(lang, "fr", 2) == 0, es = lang && strncmp(lang, "es", 2) == 0;
			text = fr ? table[i].fr : es ? table[i].es : table[i].en;
		}
	cib_buf words = CIB_BUF_INIT, where = CIB_BUF_INIT;
	fill(&words, text, a, b);
	cib_buf_adds(&where, pointer);
	cib_findings_add(findings, &(cib_finding){.severity = severity,
	                                          .pointer = where.data,
	                                          .keyword = (char *)(uintptr_t) "network",
	                                          .code = (char *)(uintptr_t)code,
	                                          .message = words.data});
	cib_buf_free(&words);
	cib_buf_free(&where);
}
