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
	{"network.unknown-kind", "no kind of entry lives in this folder", "aucun type de fiche n’a sa place dans ce dossier",
         "ningún tipo de ficha tiene su lugar en esta carpeta"},
	{"network.not-canonical", "the file is not in canonical form", "le fichier n’est pas sous forme canonique",
         "el archivo no está en forma canónica"},
	{"network.not-nfc", "the text is not in Unicode normalisation form C", "le texte n’est pas sous forme de normalisation Unicode C",
         "el texto no está en la forma de normalización Unicode C"},
	{"network.number", "the number {0} would be changed by other programs; write it as a string",
         "le nombre {0} serait altéré par d’autres programmes ; écrivez-le comme chaîne",
         "otros programas alterarían el número {0}; escríbalo como cadena"},
	{"network.id", "the id is \"{0}\" but the file is named {1}.json", "l’identifiant est « {0} » mais le fichier s’appelle {1}.json",
         "el identificador es «{0}» pero el archivo se llama {1}.json"},
	{"network.owner", "the owner is \"{0}\" but the file lies in the folder of {1}",
         "le propriétaire est « {0} » mais le fichier se trouve dans le dossier de {1}",
         "el propietario es «{0}» pero el archivo está en la carpeta de {1}"},
	{"network.prefix", "the id must be {0}- and ten letters or digits", "l’identifiant doit être {0}- suivi de dix lettres ou chiffres",
         "el identificador debe ser {0}- y diez letras o cifras"},
	{"network.item-id", "the id {0} stands twice in this list", "l’identifiant {0} figure deux fois dans cette liste",
         "el identificador {0} está dos veces en esta lista"},
	{"network.schema", "the schema of this kind cannot be used: {0}", "le schéma de ce type est inutilisable : {0}",
         "el esquema de este tipo no se puede usar: {0}"},
	{"code.unknown", "there is no code {0} in the list \"{1}\"", "il n’y a pas de code {0} dans la liste « {1} »", "no hay ningún código {0} en la lista «{1}»"},
	{"code.near", "did you mean {0} ({1})?", "vouliez-vous dire {0} ({1}) ?", "¿quería decir {0} ({1})?"},
	{"code.find", "find the code: cib codes {0} WORDS", "cherchez le code : cib codes {0} MOTS", "busque el código: cib codes {0} PALABRAS"},
	{"code.withdrawn", "the code {0} ({1}) was withdrawn", "le code {0} ({1}) a été retiré", "el código {0} ({1}) fue retirado"},
	{"code.successor", "use {0} ({1}) instead", "utilisez plutôt {0} ({1})", "use en su lugar {0} ({1})"},
	{"text.stale", "the text ({0}) is older than its source ({1}), which changed since", "le texte ({0}) est plus ancien que sa source ({1}), modifiée depuis", "el texto ({0}) es más antiguo que su fuente ({1}), que cambió después"},
	{"privacy.email", "an e-mail address that is no mailbox of the organisation: everybody's copy would keep it for ever",
         "une adresse électronique qui n’est pas une boîte de l’organisation : toutes les copies la garderaient pour toujours",
         "una dirección de correo que no es un buzón de la organización: todas las copias la guardarían para siempre"},
	{"privacy.phone", "a telephone number: everybody's copy would keep it for ever", "un numéro de téléphone : toutes les copies le garderaient pour toujours",
         "un número de teléfono: todas las copias lo guardarían para siempre"},
	{"privacy.location", "the point is finer than its precision \"{0}\" says", "le point est plus fin que ne le dit sa précision « {0} »",
         "el punto es más fino de lo que dice su precisión «{0}»"},
	{"hint.mailbox", "write a mailbox of the organisation or leave it out; where it must stand: cib set ID --allow FIELD --reason WHY",
         "écrivez une boîte de l’organisation ou omettez-la ; s’il le faut : cib set ID --allow CHAMP --reason POURQUOI",
         "escriba un buzón de la organización u omítalo; si debe estar: cib set ID --allow CAMPO --reason PORQUÉ"},
	{"hint.round", "round both coordinates to {1} decimals; where the place itself may be known, say \"precision\": \"exact\"",
         "arrondissez les deux coordonnées à {1} décimales ; si le lieu même peut être connu, dites « precision » : « exact »",
         "redondee las dos coordenadas a {1} decimales; si el lugar mismo puede conocerse, diga «precision»: «exact»"},
	{"privacy.exception", "personal data by an exception: {0}", "données personnelles par exception : {0}", "datos personales por excepción: {0}"},
	{"privacy.unneeded", "nothing needs the exception for {0} any more", "plus rien n’a besoin de l’exception pour {0}", "ya nada necesita la excepción para {0}"},
	{"privacy.malformed", "an exception is {\"allows\": {\"email\": 1}, \"reason\": \"a sentence\"}", "une exception s’écrit {\"allows\": {\"email\": 1}, \"reason\": \"une phrase\"}",
         "una excepción se escribe {\"allows\": {\"email\": 1}, \"reason\": \"una frase\"}"},
	{"rule.sum", "the shares add up to {0}, not {1}", "la somme des parts est {0} et non {1}", "las partes suman {0} y no {1}"},
	{"rule.order", "{0} comes before {1}", "{0} précède {1}", "{0} es anterior a {1}"},
	{"rule.past", "{0} lies in the future: today is {1}", "{0} est dans le futur : nous sommes le {1}", "{0} está en el futuro: hoy es {1}"},
	{"rule.words", "the text has {0} words; at most {1} are allowed", "le texte compte {0} mots ; {1} au plus sont admis",
         "el texto tiene {0} palabras; se admiten {1} como máximo"},
	{"rule.reference", "{0} does not exist in the network", "{0} n’existe pas dans le réseau", "{0} no existe en la red"},
	{"rule.implied", "{1} says {0} already", "{1} dit déjà {0}", "{1} ya dice {0}"},
	{"rule.required", "{0} is missing", "{0} manque", "falta {0}"},
	{"rule.among", "{0} is not one of those that are there", "{0} n’est pas parmi ceux qui existent", "{0} no está entre los que existen"},
	{"rule.frozen", "the version before is final", "la version précédente est définitive", "la versión anterior es definitiva"},
	{"rule.unique", "{0} says the same", "{0} dit la même chose", "{0} dice lo mismo"},
	{"rule.recommended", "{0} is missing: it is not required, but reports use it",
         "{0} manque : ce n’est pas obligatoire, mais les rapports s’en servent",
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

char *cib_network_message(const char *lang, const char *code, const char *a, const char *b)
{
	const char *text = code;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].code, code) == 0) {
			bool fr = lang && strncmp(lang, "fr", 2) == 0, es = lang && strncmp(lang, "es", 2) == 0;
			text = fr ? table[i].fr : es ? table[i].es
			                             : table[i].en;
		}
	cib_buf words = CIB_BUF_INIT;
	cib_buf_adds(&words, "");
	fill(&words, text, a, b);
	return words.data;
}

void cib_network_report(cib_findings *findings, cib_severity severity, const char *lang, const char *code, const char *pointer,
                        const char *a, const char *b)
{
	char *words = cib_network_message(lang, code, a, b);
	cib_buf where = CIB_BUF_INIT;
	cib_buf_adds(&where, pointer);
	cib_findings_add(findings, &(cib_finding){.severity = severity,
	                                          .pointer = where.data,
	                                          .keyword = (char *)(uintptr_t) "network",
	                                          .code = (char *)(uintptr_t)code,
	                                          .message = words});
	free(words);
	cib_buf_free(&where);
}
