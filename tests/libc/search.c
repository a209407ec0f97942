/* qsort, bsearch, and the tables, trees and lists of <search.h>. */
#include "check.h"
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int calls;

static int by_value(const void *a, const void *b)
{
	calls++;
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int by_key(const void *a, const void *b, void *offset)
{
	return ((const unsigned char *)a)[*(int *)offset] - ((const unsigned char *)b)[*(int *)offset];
}

static void sort(void)
{
	static int numbers[20000];
	for (int order = 0; order < 4; order++)
		for (size_t count = 0; count < 20000; count = count * 3 + 1) {
			unsigned state = 12345;
			for (size_t i = 0; i < count; i++) {
				state = state * 1103515245 + 12345;
				numbers[i] = order == 0 ? (int)(state >> 8) : order == 1 ? (int)i : order == 2 ? -(int)i : 7;
			}
			qsort(numbers, count, sizeof *numbers, by_value);
			for (size_t i = 1; i < count; i++)
				if (!CHECK(numbers[i - 1] <= numbers[i]))
					return;
		}
	char words[][7] = {"pear", "apple", "fig", "banana", "kiwi"};
	qsort(words, 5, 7, by_text);
	for (int i = 0; i < 5; i++)
		printf("%s ", words[i]);
	unsigned char triples[5][3] = {{1, 9, 0}, {2, 7, 0}, {3, 8, 0}, {4, 1, 0}, {5, 3, 0}};
	qsort_r(triples, 5, 3, by_key, (int[]){1});
	for (int i = 0; i < 5; i++)
		printf("%d", triples[i][0]);
	putchar('\n');
}

static void binary_search(void)
{
	int odd[] = {1, 3, 5, 7, 9};
	for (int key = 0; key <= 10; key++) {
		int *found = bsearch(&key, odd, 5, sizeof *odd, by_value);
		CHECK(key % 2 ? found && *found == key : !found);
	}
	CHECK(bsearch(&odd[0], odd, 0, sizeof *odd, by_value) == NULL);
	size_t count = 3;
	int list[8] = {4, 5, 6};
	CHECK(lfind(&odd[2], list, &count, sizeof *list, by_value) == &list[1]);
	CHECK(lsearch(&odd[4], list, &count, sizeof *list, by_value) == &list[3] && count == 4 && list[3] == 9);
}

static void table(void)
{
	static char keys[200][8];
	CHECK(hcreate(100) != 0);
	for (long i = 0; i < 100; i++) {
		snprintf(keys[i], 8, "key%ld", i);
		CHECK(hsearch((ENTRY){keys[i], (void *)(i + 1)}, ENTER) != NULL);
	}
	for (long i = 0; i < 100; i += 11) {
		ENTRY *found = hsearch((ENTRY){keys[i], NULL}, FIND);
		CHECK(found && (long)found->data == i + 1);
	}
	CHECK(hsearch((ENTRY){"absent", NULL}, FIND) == NULL);
	hdestroy();
}

static int nodes, deepest;

static void visit(const void *node, VISIT order, int depth)
{
	if (depth > deepest)
		deepest = depth;
	if (order == postorder || order == leaf) {
		nodes++;
		if (**(int *const *)node % 100 == 0)
			printf("%d ", **(int *const *)node);
	}
}

static void ignore(void *node)
{
	nodes -= node != NULL;
}

static void tree(void)
{
	static int values[1000];
	void *root = NULL;
	for (int i = 0; i < 1000; i++) {
		values[i] = i * 37 % 1000;
		CHECK(**(int **)tsearch(&values[i], &root, by_value) == values[i]);
	}
	CHECK(tfind(&values[5], &root, by_value) != NULL);
	int absent = 5000;
	CHECK(tfind(&absent, &root, by_value) == NULL && tdelete(&absent, &root, by_value) == NULL);
	for (int i = 0; i < 1000; i += 2)
		CHECK(tdelete(&values[i], &root, by_value) != NULL);
	twalk(root, visit);
	printf("%d nodes\n", nodes);
	CHECK(deepest < 20);
	tdestroy(root, ignore);
	CHECK(nodes == 0);
}

static void queue(void)
{
	struct element {
		struct element *next, *previous;
		int number;
	} a = {0}, b = {0}, c = {0};
	insque(&a, NULL);
	insque(&c, &a);
	insque(&b, &a);
	CHECK(a.next == &b && b.next == &c && c.previous == &b);
	remque(&b);
	CHECK(a.next == &c && c.previous == &a);
}

int main(void)
{
	sort();
	CHECK(calls > 100000);
	binary_search();
	table();
	tree();
	queue();
	return check_status();
}
