-- What every Lua benchmark shares: it times rounds of a function and prints nanoseconds a round.
return function(rounds, work)
	local begin = os.clock()
	local check
	for _ = 1, rounds do
		check = work()
	end
	print(string.format("ns_per_round %.3f check %s", (os.clock() - begin) * 1e9 / rounds, check))
end
