-- A person pauses, resumes or cancels a backfill.
--
-- KEYS  backfill  hash
--       inbox     list
-- ARGV  to    state
--       from  states it may be in as ,a,b,
--       at    ms
-- returns {'moved'} | {'refused', state} | {'unknown'}
local backfill, inbox = unpack(KEYS)
local to, from, at = unpack(ARGV)

local state = redis.call('HGET', backfill, 'state')
if not state then return {'unknown'} end
if state ~= to then
  if not string.find(from, ',' .. state .. ',', 1, true) then return {'refused', state} end
  redis.call('HSET', backfill, 'state', to)
end
redis.call('RPUSH', inbox, 'backfills\n\n' .. at .. '\n\n')
return {'moved'}
