# The exception that longjmp throws; its value is the address of the buffer and the return value.
	.tagtype __c_longjmp i32
	.globl __c_longjmp
__c_longjmp:
