#ifndef HIDE
#define HIDE
#endif

HIDE int value = 3;

/* Where the library sees its variable, or, for any SELF, this function. */
HIDE void *where(void *self)
{
	return self ? (void *)where : (void *)&value;
}
