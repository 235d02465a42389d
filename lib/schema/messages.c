/* The catalogue: every message by its code, in English, French and Spanish. {0} is a parameter as it stands, {0t} one or
 * several types parted by |, {0o} a list of names parted by | of which one is wanted. */
#include "schema/private.h"

#include <stdlib.h>
#include <string.h>

static const cib_schema_text catalogue[] = {
	/* types */
	{"schema.type", "found {0t}, expected {1t}", "trouvé : {0t} ; attendu : {1t}", "se encontró {0t}; se esperaba {1t}"},
	{"schema.integer", "{2} is not a whole number", "{2} n’est pas un nombre entier", "{2} no es un número entero"},
	{"type.string", "text", "un texte", "un texto"},
	{"type.number", "a number", "un nombre", "un número"},
	{"type.integer", "a whole number", "un nombre entier", "un número entero"},
	{"type.boolean", "true or false", "true ou false", "true o false"},
	{"type.null", "null", "null", "null"},
	{"type.object", "an object {...}", "un objet {...}", "un objeto {...}"},
	{"type.array", "a list [...]", "une liste [...]", "una lista [...]"},
	{"word.or", " or ", " ou ", " o "},
	{"word.quoted", "\"{0}\"", "« {0} »", "«{0}»"},
	/* values */
	{"schema.enum", "{0} is not one of {1}", "{0} ne figure pas parmi {1}", "{0} no está entre {1}"},
	{"schema.const", "found {0}, it must be {1}", "trouvé : {0} ; il faut {1}", "se encontró {0}; debe ser {1}"},
	{"schema.minimum", "{0} is less than {1}, the least that is allowed", "{0} est inférieur à {1}, le minimum admis", "{0} es menor que {1}, el mínimo admitido"},
	{"schema.maximum", "{0} is more than {1}, the most that is allowed", "{0} est supérieur à {1}, le maximum admis", "{0} es mayor que {1}, el máximo admitido"},
	{"schema.exclusiveMinimum", "{0} must be more than {1}", "{0} doit être supérieur à {1}", "{0} debe ser mayor que {1}"},
	{"schema.exclusiveMaximum", "{0} must be less than {1}", "{0} doit être inférieur à {1}", "{0} debe ser menor que {1}"},
	{"schema.multipleOf", "{0} is not a multiple of {1}", "{0} n’est pas un multiple de {1}", "{0} no es múltiplo de {1}"},
	{"schema.empty", "the text is empty, at least {1} characters are needed", "le texte est vide, il faut au moins {1} caractères", "el texto está vacío, hacen falta al menos {1} caracteres"},
	{"schema.minLength", "the text has {0} characters, at least {1} are needed", "le texte a {0} caractères, il en faut au moins {1}", "el texto tiene {0} caracteres, hacen falta al menos {1}"},
	{"schema.maxLength", "the text has {0} characters, at most {1} are allowed", "le texte a {0} caractères, {1} au plus sont admis", "el texto tiene {0} caracteres, se admiten {1} como máximo"},
	{"schema.pattern-mismatch", "{0} does not match the pattern {1}", "{0} n’a pas la forme {1}", "{0} no tiene la forma {1}"},
	{"schema.pattern-said", "{0} is not written as it must be here", "{0} n’est pas écrit comme il le faut ici", "{0} no está escrito como debe estarlo aquí"},
	{"schema.format", "{0} is not valid for the format {1}", "{0} n’est pas valable pour le format {1}", "{0} no es válido para el formato {1}"},
	/* lists */
	{"schema.minItems", "there are {0} items, at least {1} are needed", "il y a {0} éléments, il en faut au moins {1}", "hay {0} elementos, hacen falta al menos {1}"},
	{"schema.maxItems", "there are {0} items, at most {1} are allowed", "il y a {0} éléments, {1} au plus sont admis", "hay {0} elementos, se admiten {1} como máximo"},
	{"schema.uniqueItems", "items {0} and {1} are the same: {2}", "les éléments {0} et {1} sont identiques : {2}", "los elementos {0} y {1} son iguales: {2}"},
	{"schema.contains", "no item of the kind that is needed is among them", "aucun élément du genre requis n’y figure", "no figura ningún elemento del tipo necesario"},
	{"schema.contains-that", "at least one item with {0} is needed", "il faut au moins un élément avec {0}", "hace falta al menos un elemento con {0}"},
	{"schema.minContains", "{0} items are of the kind that is needed, at least {1} must be", "{0} éléments sont du genre requis, il en faut au moins {1}", "{0} elementos son del tipo necesario, hacen falta al menos {1}"},
	{"schema.minContains-that", "{0} items with {2}, at least {1} are needed", "{0} éléments avec {2}, il en faut au moins {1}", "{0} elementos con {2}, hacen falta al menos {1}"},
	{"schema.maxContains", "{0} items of a kind of which at most {1} are allowed", "{0} éléments d’un genre admis {1} fois au plus", "{0} elementos de un tipo admitido {1} veces como máximo"},
	/* objects */
	{"schema.required", "\"{0}\" is missing", "« {0} » manque", "falta «{0}»"},
	{"schema.required-title", "\"{0}\" ({1}) is missing", "« {0} » ({1}) manque", "falta «{0}» ({1})"},
	{"schema.dependentRequired", "\"{0}\" is missing; it is needed because \"{1}\" is given", "« {0} » manque ; il le faut car « {1} » est indiqué", "falta «{0}»; hace falta porque se indica «{1}»"},
	{"schema.choice", "one of these is missing: {0o}", "il manque l’un de ceux-ci : {0o}", "falta uno de estos: {0o}"},
	{"schema.property", "there is no field \"{0}\" here", "il n’y a pas de champ « {0} » ici", "aquí no hay ningún campo «{0}»"},
	{"schema.name", "\"{0}\" is not allowed as a name here", "« {0} » n’est pas admis comme nom ici", "«{0}» no se admite aquí como nombre"},
	{"schema.minProperties", "there are {0} fields, at least {1} are needed", "il y a {0} champs, il en faut au moins {1}", "hay {0} campos, hacen falta al menos {1}"},
	{"schema.maxProperties", "there are {0} fields, at most {1} are allowed", "il y a {0} champs, {1} au plus sont admis", "hay {0} campos, se admiten {1} como máximo"},
	/* combinations */
	{"schema.oneOf-many", "it fits {0} descriptions ({1}) of which only one may apply", "cela répond à {0} descriptions ({1}) dont une seule peut s’appliquer", "corresponde a {0} descripciones ({1}) de las que solo una puede aplicarse"},
	{"schema.oneOf-both", "only one of these may be given: {0o}", "un seul de ceux-ci peut être indiqué : {0o}", "solo puede indicarse uno de estos: {0o}"},
	{"schema.anyOf", "it fits none of the forms that are allowed here", "cela ne répond à aucune des formes admises ici", "no corresponde a ninguna de las formas admitidas aquí"},
	{"schema.not", "this is what is not allowed here", "c’est justement ce qui n’est pas admis ici", "esto es justo lo que aquí no se admite"},
	{"schema.not-that", "not allowed here: {0}", "non admis ici : {0}", "no se admite aquí: {0}"},
	{"schema.false", "this is not allowed here", "ceci n’est pas admis ici", "esto no se admite aquí"},
	{"schema.because", "{0} (because {1})", "{0} (car {1})", "{0} (porque {1})"},
	{"schema.because-not", "{0} (as this does not hold: {1})", "{0} (car ceci n’est pas le cas : {1})", "{0} (porque no se cumple: {1})"},
	/* no verdict */
	{"schema.pattern-too-costly", "no verdict: a pattern of the schema is too costly for this text", "pas de verdict : un motif du schéma est trop coûteux pour ce texte", "sin veredicto: un patrón del esquema es demasiado costoso para este texto"},
	{"schema.too-costly", "no verdict: the check would take too many steps", "pas de verdict : la vérification demanderait trop d’étapes", "sin veredicto: la comprobación exigiría demasiados pasos"},
	{"schema.too-deep", "no verdict: document and schema are nested too deeply", "pas de verdict : le document et le schéma sont trop imbriqués", "sin veredicto: el documento y el esquema están demasiado anidados"},
	{"schema.loop", "no verdict: the schema goes round in circles here", "pas de verdict : le schéma tourne en rond ici", "sin veredicto: el esquema da vueltas aquí"},
	{"schema.unexplained", "it is not valid, but the reason could not be told", "ce n’est pas valable, mais la raison n’a pas pu être établie", "no es válido, pero no se pudo determinar la razón"},
	/* what to do */
	{"hint.did-you-mean", "did you mean \"{0}\"?", "vouliez-vous dire « {0} » ?", "¿quiso decir «{0}»?"},
	{"hint.is-there", "\"{0}\" is there: is that meant?", "il y a « {0} » : est-ce cela ?", "hay «{0}»: ¿es eso?"},
	{"hint.known-names", "known here: {0}", "connus ici : {0}", "conocidos aquí: {0}"},
	{"hint.unquote", "numbers, true, false and null stand without quotes", "les nombres, true, false et null s’écrivent sans guillemets", "los números, true, false y null se escriben sin comillas"},
	{"hint.quote", "text stands in double quotes", "un texte se met entre guillemets doubles", "un texto se escribe entre comillas dobles"},
	{"hint.list", "put it into a list, even when it is the only one: [...]", "mettez-le dans une liste, même s’il est seul : [...]", "póngalo en una lista aunque sea el único: [...]"},
	{"hint.one", "take it out of the list: only one is wanted", "sortez-le de la liste : un seul est attendu", "sáquelo de la lista: solo se espera uno"},
	{"hint.twice", "take one of the two away", "supprimez l’un des deux", "elimine uno de los dos"},
	{"hint.leave-out", "take it out", "supprimez-le", "elimínelo"},
	{"hint.format.date", "a date is written 2026-04-30", "une date s’écrit 2026-04-30", "una fecha se escribe 2026-04-30"},
	{"hint.format.date-time", "a date with time is written 2026-04-30T14:05:00Z", "une date avec heure s’écrit 2026-04-30T14:05:00Z", "una fecha con hora se escribe 2026-04-30T14:05:00Z"},
	{"hint.format.time", "a time is written 14:05:00Z", "une heure s’écrit 14:05:00Z", "una hora se escribe 14:05:00Z"},
	{"hint.format.duration", "a duration is written P3D, P1Y6M or PT2H30M", "une durée s’écrit P3D, P1Y6M ou PT2H30M", "una duración se escribe P3D, P1Y6M o PT2H30M"},
	{"hint.format.email", "an address is written name@example.org", "une adresse s’écrit nom@example.org", "una dirección se escribe nombre@example.org"},
	{"hint.format.idn-email", "an address is written name@example.org", "une adresse s’écrit nom@example.org", "una dirección se escribe nombre@example.org"},
	{"hint.format.hostname", "a host name is written www.example.org", "un nom d’hôte s’écrit www.example.org", "un nombre de equipo se escribe www.example.org"},
	{"hint.format.uri", "an address is written in full: https://example.org/page", "une adresse s’écrit en entier : https://example.org/page", "una dirección se escribe completa: https://example.org/page"},
	{"hint.format.iri", "an address is written in full: https://example.org/page", "une adresse s’écrit en entier : https://example.org/page", "una dirección se escribe completa: https://example.org/page"},
	{"hint.format.uuid", "a UUID is written 2eb8aa08-aa98-11ea-b4aa-73b441d16380", "un UUID s’écrit 2eb8aa08-aa98-11ea-b4aa-73b441d16380", "un UUID se escribe 2eb8aa08-aa98-11ea-b4aa-73b441d16380"},
	{"hint.format.ipv4", "such an address is written 192.0.2.1", "une telle adresse s’écrit 192.0.2.1", "tal dirección se escribe 192.0.2.1"},
	{"hint.format.ipv6", "such an address is written 2001:db8::1", "une telle adresse s’écrit 2001:db8::1", "tal dirección se escribe 2001:db8::1"},
	{"hint.format.json-pointer", "a pointer is written /budget/0/amount", "un pointeur s’écrit /budget/0/amount", "un puntero se escribe /budget/0/amount"},
};

const cib_schema_text *cib_schema_text_at(size_t i)
{
	return i < sizeof catalogue / sizeof *catalogue ? &catalogue[i] : NULL;
}

static const char *text_of(const char *lang, const char *code)
{
	for (size_t i = 0; i < sizeof catalogue / sizeof *catalogue; i++)
		if (strcmp(catalogue[i].code, code) == 0)
			return lang && strncmp(lang, "fr", 2) == 0 ? catalogue[i].fr : lang && strncmp(lang, "es", 2) == 0 ? catalogue[i].es
			                                                                                                   : catalogue[i].en;
	return NULL;
}

bool cib_schema_message_exists(const char *code)
{
	return text_of(NULL, code) != NULL;
}

/* Items parted by |; types by their names in the language, names in quotes. */
static void add_list(cib_buf *out, const char *lang, const char *value, bool types)
{
	while (*value) {
		size_t n = strcspn(value, "|");
		char code[64] = "type.";
		if (types && n < sizeof code - 6) {
			strncat(code, value, n);
			const char *name = text_of(lang, code);
			cib_buf_adds(out, name ? name : code);
		} else {
			char *name = cib_strndup(value, n);
			cib_schema_message(out, lang, "word.quoted", (const char *const[3]){name, NULL, NULL});
			free(name);
		}
		value += n;
		if (*value == '|') {
			value++;
			cib_buf_adds(out, strchr(value, '|') ? ", " : text_of(lang, "word.or"));
		}
	}
}

void cib_schema_message(cib_buf *out, const char *lang, const char *code, const char *const params[3])
{
	const char *text = text_of(lang, code);
	for (text = text ? text : code; *text; text++) {
		bool param = text[0] == '{' && text[1] >= '0' && text[1] <= '2' && (text[2] == '}' || ((text[2] == 't' || text[2] == 'o') && text[3] == '}'));
		if (!param) {
			cib_buf_addc(out, *text);
			continue;
		}
		const char *value = params[text[1] - '0'] ? params[text[1] - '0'] : "";
		if (text[2] == '}')
			cib_buf_adds(out, value);
		else
			add_list(out, lang, value, text[2] == 't');
		text += text[2] == '}' ? 2 : 3;
	}
}
