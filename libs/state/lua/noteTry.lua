-- A worker says what its try is doing.
--
-- KEYS  tasks  hash
--       notes  hash
-- ARGV  taskId
--       gen
--       epoch
--       note   JSON
-- returns 1 | 0 when the claim is not the running one
local tasks, notes = unpack(KEYS)
local taskId, gen, epoch, note = unpack(ARGV)

local known = redis.call('HGET', tasks, taskId)
if not known then return 0 end
local knownGen, knownEpoch = string.match(known, '^running|(%d+)|%d+|(%d+)|')
if knownGen ~= gen or knownEpoch ~= epoch then return 0 end

redis.call('HSET', notes, taskId, note)
return 1
