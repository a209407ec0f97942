// skip-native: glibc keeps crypt in a library of its own
/* crypt with each hash musl knows. */
#include "check.h"
#include <crypt.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	static const char *const settings[] = {
		"ab", "$1$saltsalt", "$5$saltstring", "$6$saltstring", "$5$rounds=1400$anotherlongsaltstring",
		"$6$rounds=1400$anotherlongsaltstring", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.",
	};
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		printf("%s\n", crypt(i < 4 ? "Hello world!" : i < 6 ? "a very much longer text to encrypt.  This one even stretches over more"
									    "than one line."
								    : "U*U",
				     settings[i]));
	static struct crypt_data data;
	CHECK(!strcmp(crypt_r("Hello world!", "$5$saltstring", &data), crypt("Hello world!", "$5$saltstring")));
	CHECK(strcmp(crypt("other", "$5$saltstring"), crypt_r("Hello world!", "$5$saltstring", &data)) != 0);
	return check_status();
}
