{ }: "whole"
